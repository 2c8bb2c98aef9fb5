import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-JCOZXJLH.js";import"./chunk-KVEECCPK.js";import"./chunk-VUEJJUAN.js";export{DatasetPredicate};
