import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{predictionOf,recordReader,textOf}from"./chunk-4DYPEN54.js";import"./chunk-ETXMND4A.js";export{predictionOf,recordReader,textOf};
