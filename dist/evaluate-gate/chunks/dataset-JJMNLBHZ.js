import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-DVFQUFRU.js";import"./chunk-MS6VVTOK.js";import"./chunk-VUEJJUAN.js";export{DatasetPredicate};
