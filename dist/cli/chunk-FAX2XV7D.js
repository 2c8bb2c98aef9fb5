import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function percent(part){return`${Number((part*100).toFixed(1))}%`}function shortNumber(value){return String(Number(value.toPrecision(3)))}function pText(p){return p<1e-4?"< 0.0001":`= ${shortNumber(p)}`}export{percent,shortNumber,pText};
