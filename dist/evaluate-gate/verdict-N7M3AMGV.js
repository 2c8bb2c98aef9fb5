import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-EQ7ZMJ5W.js";import"./chunk-U2DVPEOQ.js";import"./chunk-ETXMND4A.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
