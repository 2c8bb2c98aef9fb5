import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-UTH2RESF.js";import"./chunk-UEDNOVDU.js";import"./chunk-ETXMND4A.js";export{DatasetPredicate};
