import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-DZZC5CSL.js";import"./chunk-C3R7YFOD.js";import"./chunk-VUEJJUAN.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
