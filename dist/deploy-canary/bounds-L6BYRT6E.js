import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{latencyBounds,noTimes}from"./chunk-UCQNELUM.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{latencyBounds,noTimes};
