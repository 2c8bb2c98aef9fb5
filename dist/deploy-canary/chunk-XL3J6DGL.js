import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{_enum,array,string,union}from"./chunk-Q6BK7ON4.js";var FailOnSchema=_enum(["inconclusive","fail","never"]).default("inconclusive").describe("Which decisions fail the step: `inconclusive` (fail and inconclusive both do), `fail`, or `never`."),OneOrMany=union([string().min(1),array(string().min(1)).min(1)]).transform(value=>typeof value=="string"?value.split(`
`).map(line=>line.trim()).filter(line=>line!==""):value).pipe(array(string().min(1)).min(1));export{FailOnSchema,OneOrMany};
