import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-LMSODNL5.js";import"./chunk-Y2F5OHEQ.js";import"./chunk-PGMZPJCF.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
