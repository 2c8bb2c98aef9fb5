import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var NO_MIRROR={agree:0,disagree:0,canaryOnlyErrors:0,stableOnlyErrors:0,discarded:0};export{NO_MIRROR};
