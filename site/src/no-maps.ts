// Stands for d3-geo in the bundle: no chart here is a map, and without it a tenth of the first page is saved.

const absent = undefined;
export {
  absent as geoAlbers, absent as geoAlbersUsa, absent as geoAzimuthalEqualArea, absent as geoAzimuthalEquidistant,
  absent as geoCentroid, absent as geoClipRectangle, absent as geoConicConformal, absent as geoConicEqualArea,
  absent as geoConicEquidistant, absent as geoEqualEarth, absent as geoEquirectangular, absent as geoGnomonic,
  absent as geoGraticule, absent as geoGraticule10, absent as geoMercator, absent as geoOrthographic, absent as geoPath,
  absent as geoProjection, absent as geoStereographic, absent as geoStream, absent as geoTransverseMercator,
};

/** Plot makes one transform while it loads. */
export const geoTransform = (): null => null;
