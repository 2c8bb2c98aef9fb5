import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-KGYOYHXK.js";import"./chunk-MS6VVTOK.js";import"./chunk-VUEJJUAN.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
