import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-X34OE5ZI.js";import"./chunk-KVEECCPK.js";import"./chunk-VUEJJUAN.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
