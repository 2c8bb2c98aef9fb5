"""Exact p-values of the two-sample KS statistic given ties, by counting in integers (Schroeer & Trenkler 1995); and by brute force over
all ways to deal out the values for the smallest. scipy's own, which takes all values for different, stands beside them.

Run: python ks-ties.py > ks-ties.json  (needs numpy, scipy)
"""
import itertools, json, math
from fractions import Fraction
import numpy as np, scipy
from scipy import stats
def steps(a,b):
    n,m=len(a),len(b); best=0
    for v in sorted(set(a)|set(b)):
        i=sum(x<=v for x in a); j=sum(x<=v for x in b)
        best=max(best,abs(i*m-j*n))
    return best
def counted(a,b):
    n,m=len(a),len(b); h=steps(a,b); allv=sorted(a+b); N=n+m
    ways={0:1}
    for t in range(1,N+1):
        new={}
        for i,w in ways.items():
            if t-1-i<m: new[i]=new.get(i,0)+w
            if i<n: new[i+1]=new.get(i+1,0)+w
        if t==N or allv[t]!=allv[t-1]:
            new={i:w for i,w in new.items() if abs(i*m-(t-i)*n)<h}
        ways=new
    return Fraction(math.comb(N,n)-sum(ways.values()),math.comb(N,n)) if h>0 else Fraction(1)
def brute(a,b):
    h=steps(a,b); allv=a+b; hit=tot=0
    for c in itertools.combinations(range(len(allv)),len(a)):
        s=set(c); x=[allv[k] for k in c]; y=[allv[k] for k in range(len(allv)) if k not in s]
        hit+=steps(x,y)>=h; tot+=1
    return Fraction(hit,tot)
small=[([0,0,1,2],[0,1,1,3,3]),([1,1,1],[1,2,2,2]),([0,0,0,0,5],[0,0,1,2,3]),([0.5]*4,[0.5]*5)]
out=[]
for a,b in small:
    e,f=counted(a,b),brute(a,b); assert e==f,(a,b,e,f); out.append((a,b))
rng=np.random.default_rng(5)
out+= [(sorted(rng.integers(0,3,40).tolist()),sorted((rng.integers(0,3,55)+(rng.random(55)<.3)).tolist())),
 (sorted((rng.exponential(1,60).round(2)*(rng.random(60)<.5)).tolist()),sorted((rng.exponential(1.6,45).round(2)*(rng.random(45)<.6)).tolist())),
 (sorted((rng.normal(0,1,300).round(0)).tolist()),sorted(rng.normal(.3,1,200).round(0).tolist()))]
res=[{'a':a,'b':b,'steps':steps(a,b),'exact':float(counted(a,b)),'scipyWithoutTies':float(stats.ks_2samp(a,b).pvalue)} for a,b in out]
print(json.dumps({'versions':{'numpy':np.__version__,'scipy':scipy.__version__},'cases':res}))
