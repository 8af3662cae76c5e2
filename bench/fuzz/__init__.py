"""Whatever bytes in: what the product makes of them must be a result or an error of its own, soon and in little memory."""
