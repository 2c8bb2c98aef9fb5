import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-HHMUFMR7.js";import"./chunk-Y2F5OHEQ.js";import"./chunk-PGMZPJCF.js";export{DatasetPredicate};
