import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-FDEV5PNS.js";import"./chunk-PNCNNJA4.js";import"./chunk-ETXMND4A.js";export{DatasetPredicate};
