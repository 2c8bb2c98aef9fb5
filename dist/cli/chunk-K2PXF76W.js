import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{normalCdf}from"./chunk-VSHTI6HL.js";function scoreTest(statistic){let below=normalCdf(statistic),above=normalCdf(-statistic);return{statistic,pValue:Math.min(1,2*Math.min(below,above)),below,above}}export{scoreTest};
