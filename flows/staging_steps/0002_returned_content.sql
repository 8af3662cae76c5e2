-- content that a url holds again after it held another; the next build asks the archive which that is
alter table staging.capture add column has_returned boolean;
