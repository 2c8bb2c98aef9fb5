import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{tableOf}from"./chunk-36ODYTZ4.js";import{html}from"./chunk-C2ENNB4W.js";import{formatNumber}from"./chunk-V5LADW6Y.js";import"./chunk-3XGIHQNK.js";import"./chunk-ETXMND4A.js";function trainingSection(training){let command=typeof training.command=="string"?training.command:training.command.join(" "),{peakRssBytes}=training.resources,memory=peakRssBytes===null?"":`, ${formatNumber(peakRssBytes/1024**2)} MiB of memory at most`;return{id:"training",title:"Training",status:training.skipped?"skipped":void 0,body:html`<p><code>${command}</code></p>
<p>${training.skipped?"Skipped, nothing changed; the earlier run took":"Took"} ${formatNumber(training.durationSeconds)} s${memory}. Commit ${training.commit??"unknown"}.</p>
${tableOf("Metrics as reported by the command",["Metric","Value"],Object.entries(training.metrics).map(([name,value])=>[name,formatNumber(value)]))}
<details><summary>What it depended on</summary>
${tableOf("Fingerprint",["Part","Digest"],Object.entries({...training.fingerprintParts,all:training.fingerprint}).map(([name,digest])=>[name,html`<code>${digest}</code>`]))}
${tableOf("Environment",["Fact","Value"],Object.entries(training.environment).map(([name,value])=>[name,value]))}
${tableOf("Parameters",["Parameter","Value"],Object.entries(training.parameters).map(([name,value])=>[name,String(value)]))}
</details>`}}export{trainingSection};
