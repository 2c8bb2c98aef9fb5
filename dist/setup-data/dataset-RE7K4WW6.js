import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-OKN7LKDO.js";import"./chunk-XV2RR27O.js";import"./chunk-ETXMND4A.js";export{DatasetPredicate};
