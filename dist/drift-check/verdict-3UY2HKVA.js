import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-PZG766YR.js";import"./chunk-4GHBRASS.js";import"./chunk-ETXMND4A.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
