import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{printable}from"./chunk-HCKH24S2.js";function oneLine(text){return printable(text).replaceAll(/[\n\t]/g,"?").slice(0,300)}export{oneLine};
