import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{createRegisterRolloutStore}from"./chunk-RUO6BHGN.js";import"./chunk-AA3IRM3M.js";import"./chunk-TDT3UPCL.js";import"./chunk-FOIHJRZG.js";import"./chunk-YU5KXZOD.js";import"./chunk-ETXMND4A.js";export{createRegisterRolloutStore};
