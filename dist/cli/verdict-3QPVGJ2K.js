import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DecisionSchema,UntrustedVerdict,VerdictPredicate}from"./chunk-NGKUH2QI.js";import"./chunk-ON6DFWQC.js";import"./chunk-ETXMND4A.js";export{DecisionSchema,UntrustedVerdict,VerdictPredicate};
