import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-CZFXMZRQ.js";import"./chunk-EAZXX2BJ.js";import"./chunk-PGMZPJCF.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
