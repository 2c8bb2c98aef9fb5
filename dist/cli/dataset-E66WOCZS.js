import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{badge}from"./chunk-WYBRNM7H.js";import{tableOf}from"./chunk-36ODYTZ4.js";import{html}from"./chunk-C2ENNB4W.js";import{countOf,formatNumber,grouped}from"./chunk-V5LADW6Y.js";import"./chunk-3XGIHQNK.js";import"./chunk-ETXMND4A.js";function datasetSection(dataset){let checks=dataset.contract?.checks??[];return{id:"data",title:"Data",status:dataset.decision,body:html`<p>${countOf(dataset.files.length,"file")}, ${countOf(dataset.rows,"row")}. Fingerprint <code>${dataset.fingerprint}</code>.</p>
${tableOf("Checks of the data contract that do not hold",["Check","","Expected","Observed","Rows"],checks.filter(({status})=>status!=="pass").map(check=>[check.id,badge(check.status),String(check.expected),String(check.observed),check.failedRows]))}
${checks.length>0?html`<p>${checks.filter(({status})=>status==="pass").length} of ${checks.length} checks of the data contract hold.</p>`:html``}
<details><summary>Files and columns</summary>
${tableOf("Files",["File","Bytes","SHA-256"],dataset.files.map(file=>[file.path,grouped(file.size),html`<code>${file.sha256}</code>`]))}
${tableOf("Columns",["Column","Type","Missing","Distinct","Least","Greatest"],dataset.columns.map(column=>[column.name,column.type,column.nulls,column.distinct??"over a million",column.min===null?"":formatNumber(column.min),column.max===null?"":formatNumber(column.max)]))}
</details>`}}export{datasetSection};
