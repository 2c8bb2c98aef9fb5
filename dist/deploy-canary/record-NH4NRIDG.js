import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{predictionOf,recordReader,textOf}from"./chunk-2XIMUYFL.js";import"./chunk-DCSSF4EG.js";import"./chunk-ETXMND4A.js";export{predictionOf,recordReader,textOf};
