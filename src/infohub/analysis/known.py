"""Words that decide what a dotted word is: endings of files, names reserved and well known, beginnings of code."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILE_ENDINGS = _words(
    """
    7z a3x accdb apk app asp aspx ax au3 bak bat bin bmp cab cfg cgi chm class cmd conf cpl css csv dat db deb dex
    dll dmg doc docm docx dotm drv dump elf eml evtx exe gif gz hta htm html ico img inf ini iqy iso jar java
    jpeg jpg js jse json jsp jspx key ko lnk log lua md msc msg msi msix mov mp3 mp4 mui nls ocx odt one ova pcap
    pdb pdf pem php php5 phtml pif pkg plist png pol ppt pptm pptx ps1 psd1 psm1 pst py pyc pyd rar reg rpm rtf
    scr sct settingcontent-ms sfx sh slk so sqlite svg swf sys tar target tgz tmp torrent ttf txt url vbe vbs vhd vhdx
    vmdk wav wim wll wsf wsh xap xla xlam xll xls xlsb xlsm xlsx xml xsl xz yaml yar yara yml zip
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
    asp.net ado.net vb.net ml.net node.js vue.js react.js next.js nuxt.js express.js d3.js three.js backbone.js
    ember.js socket.io paint.net log4j.properties
    """
)

VIRUS_NAMES = _words(
    "win32 win64 w32 w64 msil trojan heur generic multiplug behaveslike backdoor ransom trojandownloader"
)
"""Parts of names that virus scanners give, which look like domains: `BehavesLike.Win32.Generic.cz`."""

WEAK = "weak on its own"
SYSTEM_FILES = _words(
    """
    advapi32.dll bash.exe bitsadmin.exe certutil.exe cmd.exe conhost.exe cscript.exe csrss.exe curl.exe
    dllhost.exe explorer.exe gdi32.dll kernel32.dll kernelbase.dll lsass.exe msbuild.exe mshta.exe msiexec.exe
    net.exe net1.exe netsh.exe notepad.exe ntdll.dll ntds.dit ntoskrnl.exe ole32.dll powershell.exe pwsh.exe
    reg.exe regedit.exe regsvr32.exe rundll32.exe schtasks.exe services.exe setup.exe shell32.dll svchost.exe
    taskmgr.exe tasklist.exe user32.dll vssadmin.exe wevtutil.exe whoami.exe wininet.dll winlogon.exe
    winword.exe wmic.exe wmiprvse.exe ws2_32.dll wscript.exe excel.exe outlook.exe index.html index.php
    readme.txt autorun.inf web.config desktop.ini
    """
)
WELL_KNOWN_DOMAINS = _words(
    """
    adobe.com apache.org apple.com cert.org cisa.gov cisco.com cloudflare.com cybersechub.hk facebook.com
    fbi.gov first.org github.com gmail.com google.com googleapis.com gstatic.com hkcert.org hkirc.hk hkma.gov.hk
    govcert.gov.hk gov.hk ic3.gov instagram.com linkedin.com microsoft.com microsoftonline.com mitre.org
    mozilla.org ncsc.gov.uk nist.gov office.com office365.com oracle.com outlook.com pcpd.org.hk python.org
    redhat.com t.me twitter.com ubuntu.com us-cert.gov virustotal.com vmware.com w3.org wikipedia.org
    windows.com windowsupdate.com x.com youtube.com zoom.us
    """
)

VERSION_WORDS = _words(
    """
    version versions ver v release releases released build rev revision firmware update upgrade patch section sect
    chapter clause appendix figure table step item oid chrome chromium firefox edge safari opera acrobat reader
    flash java jdk agent
    """
)
"""Words after which four numbers with dots are an edition or a paragraph, not an address."""
