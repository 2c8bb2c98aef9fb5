import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var ANSI=new RegExp("\x1B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1B]*(?:\x07|\x1B\\\\)?|[@-Z\\\\^_])","g"),INVISIBLE=/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;function withoutControls(text){return text.replace(/\r\n?|\u0085|\u2028|\u2029/g,`
`).replace(ANSI,"").replace(INVISIBLE,character=>character==="	"||character===`
`?character:"")}function printable(text){return withoutControls(text).replace(/^([\s\ufeff]*):(?=:)/gm,"$1: ").replaceAll("##[","## [")}export{withoutControls,printable};
