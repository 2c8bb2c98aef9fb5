import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{createPrometheus,openPrometheusApi,seconds,warningsOf}from"./chunk-BVJZDEYE.js";import"./chunk-3W3FPOQW.js";import"./chunk-6LW5R5IN.js";import"./chunk-ON6DFWQC.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{createPrometheus,openPrometheusApi,seconds,warningsOf};
