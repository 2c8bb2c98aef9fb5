import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{Decompress,ZstdErrorCode,decompress}from"./chunk-MGVZVRHW.js";import"./chunk-PGMZPJCF.js";export{Decompress,ZstdErrorCode,decompress};
