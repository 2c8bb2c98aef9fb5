import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-XSNEELXP.js";import"./chunk-4GHBRASS.js";import"./chunk-ETXMND4A.js";export{DatasetPredicate};
