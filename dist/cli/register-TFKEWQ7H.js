import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{createRegisterRolloutStore}from"./chunk-55LUXATN.js";import"./chunk-K7M5EOM7.js";import"./chunk-TDT3UPCL.js";import"./chunk-UEDNOVDU.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{createRegisterRolloutStore};
