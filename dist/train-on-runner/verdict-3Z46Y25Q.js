import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-4V4FOI4V.js";import"./chunk-PNCNNJA4.js";import"./chunk-ETXMND4A.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
