import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-XRRQNA7F.js";import"./chunk-XV2RR27O.js";import"./chunk-ETXMND4A.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
