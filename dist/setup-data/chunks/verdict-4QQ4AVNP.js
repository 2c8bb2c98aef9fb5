import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-RPMFRSM7.js";import"./chunk-TVCOYLEN.js";import"./chunk-PGMZPJCF.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
