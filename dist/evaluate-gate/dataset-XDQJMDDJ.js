import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-C5CZBPJO.js";import"./chunk-U2DVPEOQ.js";import"./chunk-ETXMND4A.js";export{DatasetPredicate};
