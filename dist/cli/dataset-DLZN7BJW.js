import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-JHTQIKTE.js";import"./chunk-ON6DFWQC.js";import"./chunk-ETXMND4A.js";export{DatasetPredicate};
