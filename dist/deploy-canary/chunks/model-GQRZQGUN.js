import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{ModelPredicate}from"./chunk-DNPFH73R.js";import"./chunk-C3R7YFOD.js";import"./chunk-VUEJJUAN.js";export{ModelPredicate};
