"""Group-sequential bounds by scipy's multivariate normal cdf, which shares nothing with the recursion under test."""
import json, math
from scipy.stats import norm, multivariate_normal as mvn
from scipy.optimize import brentq
import numpy as np, scipy
def spent(a,kind,t):
    return 2*norm.sf(norm.isf(a/2)/math.sqrt(t)) if kind=='obrien-fleming' else a*math.log(1+(math.e-1)*t)
def bounds(a,kind,ts,info):
    us=[];prev=0
    for k in range(len(ts)):
        s=spent(a,kind,ts[k])-prev; prev=spent(a,kind,ts[k])
        if k==0: us.append(norm.isf(s)); continue
        C=np.array([[math.sqrt(min(info[i],info[j])/max(info[i],info[j])) for j in range(k+1)] for i in range(k+1)])
        base=mvn.cdf(us,np.zeros(k),C[:k,:k],abseps=1e-8,releps=1e-8,maxpts=400000) if k>1 else norm.cdf(us[0])
        f=lambda u: base-mvn.cdf(us+[u],np.zeros(k+1),C,abseps=1e-8,releps=1e-8,maxpts=400000)-s
        us.append(brentq(f,0,9,xtol=1e-7))
    return us
out=[]
for a,kind,ts,info in [(.025,'obrien-fleming',[1/3,2/3,1],None),(.025,'pocock',[1/3,2/3,1],None),(.05,'obrien-fleming',[.25,.5,.75,1],None),(.05,'pocock',[.25,.5,.75,1],None),(.05,'obrien-fleming',[.1,.35,.8,1],None),(.05,'obrien-fleming',[.25,.5,1],[3.0,11.0,17.0])]:
    out.append(dict(alpha=a,spending=kind,times=ts,information=info or ts,bounds=[float(u) for u in bounds(a,kind,ts,info or ts)]))
print(json.dumps(dict(scipy=scipy.__version__,cases=out),indent=1))
