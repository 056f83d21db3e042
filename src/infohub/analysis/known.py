"""Words that decide what a dotted word is: endings of files, names reserved and well known, beginnings of code."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILE_ENDINGS = _words(
    """
    7z a3x accdb apk app ashx asmx asp aspx ax au3 bak bat bin bmp cab cfg cgi chm class cmd conf config cpl css csv
    dat db deb dex dll dmg doc docm docx dotm drv dump elf eml evtx exe gif gz hhp hlp hta htm html hwp ico img inf
    ini iqy iso jar java jpeg jpg js jse json jsp jspx key ko jnlp kdbx lnk log lua mdb md mht msc msg msi msix mov
    mp3 mp4 mui nls ocx nupkg odt one ova pack pcap pdb pdf pem pfx php php5 phtml pif pkg plist png pol ppt pptm
    pptx ps1 psd1 psm1 pst py pyc pyd rar reg rpm rtf scr sct settingcontent-ms sfx sh slk so sqlite svg swf sys tar
    target targets tgz tmp torrent ttf txt url vbe vbs vhd vhdx war vmdk wav webp wim wll wsf wsh xap xla xlam xll
    xls xlsb xlsm xlsx xml xsl xz yaml yar yara yml zip
    """
)
FILE_NOT_DOMAIN = _words("app mov sh so py zip md")
"""Endings of files that are also endings of domains."""

RESERVED_ENDINGS = frozenset({"example", "test", "invalid"})
INTERNAL_ENDINGS = frozenset({"local", "internal", "lan", "corp", "home", "intranet", "localdomain", "onion"})
"""Endings outside the public list that are nevertheless hosts: private networks, and Tor."""
RESERVED_NAMES = frozenset({"example.com", "example.net", "example.org", "example.edu"})

CODE_STARTS = _words(
    """
    this self os sys system document window console process event req res request response string math array
    json java javax android object date file files app module config args data item items node obj e i ctx
    context user session socket net wscript shell activexobject microsoft windows win32 kernel32 user32 ntdll
    mscorlib math random time crypto
    """
)
CODE_ENDINGS = _words(
    """
    name read target id run open call map date show link click zone search new next pro int cat as at io net media help
    play     space style audio video author email support security network shell properties is in to page host bind foo
    one now store select
    """
)
PLATFORMS = _words(
    """
    asp.net ado.net win32.exe vb.net ml.net node.js vue.js react.js next.js nuxt.js express.js d3.js three.js
    backbone.js ember.js socket.io paint.net log4j.properties
    """
)

VIRUS_NAMES = _words(
    "win32 win64 w32 w64 msil trojan heur generic multiplug behaveslike backdoor ransom trojandownloader"
)
"""Parts of names that virus scanners give, which look like domains: `BehavesLike.Win32.Generic.cz`."""

WEAK = "weak on its own"
SYSTEM_FILES = _words(
    """
    advapi32.dll bash.exe bitsadmin.exe certutil.exe cmd.exe conhost.exe cscript.exe csrss.exe curl.exe dllhost.exe
    explorer.exe gdi32.dll kernel32.dll kernelbase.dll lsass.exe msbuild.exe mshta.exe msiexec.exe net.exe net1.exe
    netsh.exe notepad.exe ntdll.dll ntds.dit ntoskrnl.exe ole32.dll powershell.exe pwsh.exe reg.exe regedit.exe
    regsvr32.exe rundll32.exe schtasks.exe services.exe setup.exe shell32.dll svchost.exe taskmgr.exe tasklist.exe
    user32.dll vssadmin.exe wevtutil.exe whoami.exe wininet.dll winlogon.exe winword.exe wmic.exe wmiprvse.exe
    ws2_32.dll wscript.exe excel.exe outlook.exe index.html index.php readme.txt readme.md license.md autorun.inf
    web.config desktop.ini
    """
)
WELL_KNOWN_DOMAINS = _words(
    """
    adobe.com apache.org apple.com cert.org cisa.gov cisco.com cloudflare.com cybersechub.hk facebook.com fbi.gov
    first.org github.com gmail.com google.com googleapis.com gstatic.com hkcert.org hkirc.hk hkma.gov.hk
    govcert.gov.hk gov.hk ic3.gov instagram.com linkedin.com microsoft.com microsoftonline.com mitre.org mozilla.org
    ncsc.gov.uk nist.gov office.com office365.com oracle.com outlook.com pcpd.org.hk python.org redhat.com t.me
    twitter.com ubuntu.com us-cert.gov virustotal.com vmware.com w3.org wikipedia.org windows.com windowsupdate.com
    x.com youtube.com zoom.us amd.com android.com archlinux.org aruba.com atlassian.com avaya.com barracuda.com
    broadcom.com canonical.com centos.org checkpoint.com citrix.com dahuasecurity.com debian.org dell.com dlink.com
    docker.com drupal.org f5.com fedoraproject.org fortinet.com freebsd.org gitlab.com gnu.org golang.org
    hikvision.com hp.com hpe.com huawei.com ibm.com intel.com ivanti.com jenkins.io jetbrains.com joomla.org
    juniper.net kernel.org kubernetes.io lenovo.com manageengine.com moodle.org mysql.com n-able.com netapp.com
    netgear.com nginx.org nodejs.org npmjs.com nvidia.com okta.com openbsd.org openshift.com openssh.com openssl.org
    owncloud.com paloaltonetworks.com php.net postgresql.org progress.com pulsesecure.net pypi.org qnap.com
    qualcomm.com roundcube.net rubyonrails.org rust-lang.org samba.org samsung.com sap.com schneider-electric.com
    siemens.com solarwinds.com sonicwall.com sophos.com suse.com synology.com tenda.com.cn tp-link.com
    trendmicro.com ui.com veeam.com wordpress.org wso2.com xen.org zimbra.com zohocorp.com zyxel.com abuse.ch
    akamai.com alienvault.com any.run bitdefender.com blackberry.com bleepingcomputer.com cert.pl checkmarx.com
    claroty.com crowdstrike.com cybereason.com cyble.com darkreading.com dragos.com eclecticiq.com elastic.co
    eset.com esentire.com exploit-db.com f-secure.com group-ib.com guardicore.com hackerone.com huntress.com
    hybrid-analysis.com imperva.com intezer.com joesecurity.org jpcert.or.jp kaspersky.com krebsonsecurity.com
    lookout.com malwarebytes.com mandiant.com mcafee.com morphisec.com netskope.com openwall.com
    orangecyberdefense.com owasp.org packetstormsecurity.com proofpoint.com ptsecurity.com qualys.com rapid7.com
    recordedfuture.com redcanary.com reversinglabs.com seclists.org secureworks.com securelist.com
    securityintelligence.com sekoia.io sentinelone.com snyk.io socradar.io sonatype.com splunk.com sucuri.net
    symantec.com sysdig.com talosintelligence.com team-cymru.com tenable.com thedfirreport.com thehackernews.com
    trellix.com trustwave.com unit42.com volexity.com welivesecurity.com withsecure.com wiz.io wordfence.com
    zerodayinitiative.com zscaler.com anssi.fr bsi.bund.de cert.at cert.be cert.europa.eu cert.ssi.gouv.fr
    cncert.org.cn csa.gov.sg cve.org cvedetails.com cyber.gc.ca cyber.gov.au enisa.europa.eu europol.europa.eu
    interpol.int justice.gov krcert.or.kr nsa.gov twcert.org.tw creativecommons.org doi.org etsi.org iana.org
    icann.org ieee.org ietf.org iso.org oasis-open.org rfc-editor.org schema.org digicert.com globalsign.com
    letsencrypt.org sectigo.com usertrust.com verisign.com
    """
)
"""Makers of software, publishers of advisories, offices, standards, certificate authorities, services of everybody."""
FREE_MAIL = _words(
    """
    126.com 163.com aol.com foxmail.com gmail.com gmx.com gmx.de gmx.net hotmail.com icloud.com live.com mail.com
    mail.ru outlook.com proton.me protonmail.com qq.com sina.com tutanota.com yahoo.com yahoo.com.hk yandex.com
    yandex.ru
    """
)
"""Where anybody has a mailbox: an address there says who writes, however well the name is known."""
TENANT_SERVICES = _words(
    """
    amazonaws.com atlassian.net auth0.com awsapps.com azurewebsites.net box.com core.windows.net egnyte.com
    freshdesk.com github.io lightning.force.com mail.protection.outlook.com my.salesforce.com okta.com onelogin.com
    onmicrosoft.com service-now.com sharefile.com sharepoint.com slack.com vault.azure.net webex.com zendesk.com zoom.us
    """
)
"""Services where everybody's own part of the name begins with the name of the organisation."""

VERSION_WORDS = _words(
    """
    version versions ver v release releases released build rev revision firmware update upgrade patch section sect
    chapter clause appendix figure table step item oid chrome chromium firefox edge safari opera acrobat reader
    flash java jdk agent
    """
)
"""Words after which four numbers with dots are an edition or a paragraph, not an address."""
BEFORE_VERSIONS = _words("before prior than until up pre")
"""Words after which they may be one: `the stack before 6.0.1.66`."""
