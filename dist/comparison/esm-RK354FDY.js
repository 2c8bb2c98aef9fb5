import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{Decompress,ZstdErrorCode,decompress}from"./chunk-MZJCWLY5.js";import"./chunk-RR7L7KCX.js";export{Decompress,ZstdErrorCode,decompress};
