import { createTerminalHost } from '../src/adapters/host/terminal/index.js'
import { runAction } from '../src/runtime/run-action.js'
for (const [n,extra] of JSON.parse(process.argv[2]!)) {
 const a=(await import(`../src/actions/${n}/action.js`)).action
 const t=Date.now()
 const host=createTerminalHost({inputs:new Map(Object.entries({comment:'always',...extra})) as any,stdout:process.stdout,stderr:process.stderr,cwd:'/tmp/w',colour:false,json:false,commentFile:'/tmp/w/.modelway/comment.md'} as any)
 const code=await runAction(a as any,{host,distribution:new URL('file:///work/main/dist/'),cwd:'/tmp/w',env:process.env,now:()=>new Date(),debug:true,writeReport: async (d)=>(await import('../src/report/write-report.js')).writeReport(d)})
 console.log('exit',code,Date.now()-t,'ms',[...host.outputs].map(([k,v])=>k+'='+v.slice(0,100)).join('; '))
}
