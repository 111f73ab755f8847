namespace Stackmill.Preprocess.Decode;

/// <summary>Languages that share legacy encodings.</summary>
[Flags]
internal enum LanguageGroup
{
    None = 0,
    Western = 1,
    Central = 1 << 1,
    Turkish = 1 << 2,
    Baltic = 1 << 3,
    Russian = 1 << 4,
    Ukrainian = 1 << 5,
    Slavic = 1 << 6,
    Greek = 1 << 7,
    Hebrew = 1 << 8,
    Arabic = 1 << 9,
    Thai = 1 << 10,
    Japanese = 1 << 11,
    Simplified = 1 << 12,
    Traditional = 1 << 13,
    Korean = 1 << 14,
    Latin = Western | Central | Turkish | Baltic,
    Cyrillic = Russian | Ukrainian | Slavic,
    Ideographic = Japanese | Simplified | Traditional | Korean,
}

/// <summary>The non-ASCII letters of a language, in lower case, most frequent first.</summary>
/// <param name="Code">ISO 639 code, with the country where the script depends on it.</param>
/// <param name="Group">Decides in which encodings the language is looked for.</param>
/// <param name="Letters">
/// Ordered by their frequency in the gettext catalogues of Debian's programs, which is close to how programmers
/// write; of the East Asian languages the 480 most frequent.
/// </param>
/// <param name="Prior">
/// Natural logarithm of how much rarer the language is in comments than the most frequent one of its encodings, as a
/// guess: languages of few accented letters would else explain every accent.
/// </param>
internal sealed record LanguageLetters(string Code, LanguageGroup Group, string Letters, double Prior = 0)
{
    internal static readonly LanguageLetters[] All =
    [
        new("de", LanguageGroup.Western, "üäöß"),
        new("fr", LanguageGroup.Western, "éèàêôîçâïùûëüœæÿ"),
        new("es", LanguageGroup.Western, "óáíúéñºüª"),
        new("pt", LanguageGroup.Western, "ãçáíéóúõêâàºôªü", -0.2),
        new("it", LanguageGroup.Western, "èàòéùì", -0.3),
        new("sv", LanguageGroup.Western, "äöåé", -0.5),
        new("da", LanguageGroup.Western, "æøåé", -0.7),
        new("nb", LanguageGroup.Western, "åøæé", -0.9),
        new("fi", LanguageGroup.Western, "äöå", -0.7),
        new("nl", LanguageGroup.Western, "éëïáíóöüè", -0.7),
        new("is", LanguageGroup.Western, "íðáóúýæöþé", -2),
        new("ca", LanguageGroup.Western, "óàéíèòçúïü", -1),
        new("pl", LanguageGroup.Central, "łżęąśóćńź"),
        new("cs", LanguageGroup.Central, "íářčéýžěšůúóňťď", -0.3),
        new("sk", LanguageGroup.Central, "áčíýúéťžšľóôäňĺďŕ", -1.2),
        new("hu", LanguageGroup.Central, "áéíóöőüúű", -0.5),
        new("ro", LanguageGroup.Central, "ățșîâşţ", -0.7),
        new("hr", LanguageGroup.Central, "čšžćđ", -1.5),
        new("sl", LanguageGroup.Central, "čšž", -1.8),
        new("tr", LanguageGroup.Turkish, "ışçüğöİâî"),
        new("lt", LanguageGroup.Baltic, "ųšėžįąčūę", -0.3),
        new("lv", LanguageGroup.Baltic, "āēīšļūņžķģč", -0.6),
        new("et", LanguageGroup.Baltic, "äõüöšž", -0.6),
        new("ru", LanguageGroup.Russian, "оеаинтрслвкпдмуязьыйбчгжфцхюшщэёъ"),
        new("uk", LanguageGroup.Ukrainian, "аноиевітркслдупмязбьйгчжцхєфшюїщ", -0.5),
        new("be", LanguageGroup.Ukrainian, "анркіслыетядмвуопцэзьбгўчйхшфжюё", -1.5),
        new("bg", LanguageGroup.Slavic, "аениотрсвдкпзлмъябучгжйфцшщхю̀", -1),
        new("sr", LanguageGroup.Slavic, "аеионртскупдвмјзлбгшчњцљжћхфђџ", -1),
        new("mk", LanguageGroup.Slavic, "аеоинтрксвдлпмузбјгчцжњшфхќѓџ", -1.8),
        new("el", LanguageGroup.Greek, "αοετνισρμηκπυλςίδγήέάόχωθφύβώξζψϊ"),
        new("he", LanguageGroup.Hebrew, "יוהתלמראנבקשפסדגטעםחןכצזךץף"),
        new("ar", LanguageGroup.Arabic, "اليمروتةندفسبعكحقجصأهطخغشّإزذضىثئءظؤًُِـَآْ"),
        new("th", LanguageGroup.Thai, "ารอกนมเ่้ลัีดงติสบยวแไ์คทขปจหูพะชโืซุำใฟถณ็ภผธษฐฮึญศฉฤฝๆฏ"),
        new("ja", LanguageGroup.Japanese,
            "ーのますンしでをルはトにイスがせんいたるクッてリシフなラれきプりタさドアデョァ定バジロとレあテブかィ数グサセコパ用オエキ" +
            "語マメ名使行みこカムェら表指不くウ力合ポケ効文ュ示要け字無列出ダベ設う一失変値ザチ中正ャボ時め成作モよ敗だつ書っナ込も必" +
            "ォ対ソ前入更実除内ビユズ取終式型読関在動存場有ニ可明最新子引置間了再わ削ガ鍵号認能ワ生証ペえ外告報開配ば大期へ形ヘ続警検" +
            "同接番照義ハ見ネ共情後化ど得部付上理換長現限複ミ制方おピ発的以切ぎそ全国性信含空目準位び問先参算約下致所ゴ識画索標分選署" +
            "ホ囲択者保視ツ和始返加演範覧当受法解別記処持じ状小追通集ゲべ張確態個代ノ利日起予構自求初む止送拡適縮単完想像や非属圧意回" +
            "際計ず順応常結権元整命項機割端許異多移ゥ度区素重他古ヴ待容ちヤ暗未違幅令果進決ヒギ規言特境序操向次装秒ゼ体詳互各録本点呼" +
            "既査細連例島改頭復環条件並題扱依印末族足辞停替色ヌ側庫直種訳与統符右刻述様翻象知御破否線注領超組展来左壊済密類帰句域白継" +
            "尾格ゾ優量釈相戻誤修試高両副競強備拒挿過二答係管略州手探基旧提親月比遅補秘仮省南公英隔諸閉人主較等築描何断少短承論供浮説"),
        new("zh_CN", LanguageGroup.Simplified,
            "的用件文不无数法在有个为中字出一语名是时行符定使选式表标项置目能到对输效可和列录要错入作或存以未指于据已设本程分将取器包" +
            "号新类误值示进参接信大型加引格命除尔失模支没过制令被提序库息上配正前了务户建间组内后拉显重败多区密索省更码如认位动打关称" +
            "所开下系查发斯果部读并持同子需空版应量地您创写现小图成变必换则亚从签改度请理操键删当克解象证达记合钥交最复统特服软须此安" +
            "编义者含结节找只来里默态告这非函处档许移转执期启它略该回主段会串知状块外检共马自获限第路工方其但尼任允国卡超之性始生代通" +
            "否长识布警匹阿径印条单运别次归全利属与点准口而容止载退日消比源问连束链级头装计调备巴意确忽德经由析向集每规罗缺至相像纳试" +
            "权元少色明西基端化排修州保注域机视范整返址给求线何等面得围瓦志按因完算页带缓展兰冲验询事缩题体维萨太书闭添终锁择科窗伊供" +
            "跳隔起塔压环普助访送替实导构扩仅且份触描言仓常禁塞约丁群联管远二宽清原具临说预也句坏跟偏缀盖译搜素述些奥功岛收断员补南旧" +
            "控两放及话洛立哈突辑然留储道继受尾恢映县弃先高即切希待姆波初角续例盘报都覆反踪古平边音手递埃吉损贝真异境根北他那登销们托"),
        new("zh_TW", LanguageGroup.Traditional,
            "的用檔無不語案定法在有式數使個字中時目選指名為出設項是一取入位列示行輸件標要元效錯以稱到作號資或新已可未誤本和存錄能除區" +
            "引將提分訊於結格組符程者顯動值表開令沒合失重支正模後大版過更前碼如建料對變敗鍵加亞立所會執預來置文間參讀內寫發生多交啟鑰" +
            "請果理了包型下被記解類工需上度態拉子空體這物得器此移成系從編您應庫則至金小非串套同證狀連第進換否國單略路期端相告並爾最斯" +
            "只視找機索序簽援徑回關安代統修之處共刪克方自含準警印部圖命明別手容其頭傳塊息次始當尼與性裝利密規服義複特制群等而束改完任" +
            "知像忽載古整主地源併面線查封該長現必全每比馬由按停轉但及原製配址接確縮範窗外檢止條限向籤影點少巴須擇何信排西欄驗份達基阿" +
            "許清它伺段遠色暫卡試析里屬尋經級算求通增軟保羅供憑蘭域快德放譯因識允日圍衝尾頁寬章註函量題意計備控壓太給追權產說缺功具維" +
            "離送化隔樣先做白常境憶布實瓦補蹤超棄納閉終留消兩替音搜他跳描島述盤網突覆二損起鎖尚異人即管素且你匯依切儲底強也附廢蓋邊映" +
            "斷些薩受塔平翻鈕輯舊決直情綴問右然偏流例把都僅反片南美登遞務壞照高較若哥操真左還環形顏集好游波報掛協員嘗秒牙運英觸伊打續"),
        new("ko", LanguageGroup.Korean,
            "다이니지을수에습는로를하없시자일스가정어의파음용합서기리사트할인한은션오않터아문있드그위대제만옵보으값상름함실해패치작프" +
            "데입크모부력바표식형고전나명버소키중된행경도업면디되설요라들못세열출구블적여과성개메변호료령록잘류거비야동레테번목원브환" +
            "미렉필조화마했타내우코태체장현복유주읽연단무공재너와분안베본추간계당반러십었르커결알포항또려더최임때페래속절진줄랜접럼른" +
            "방선능국확카저칼색건템법처았덱참준각검퍼끝증밋새초백발종신티매산생링예든두클텍져쓰게됨찾널같활숫택영램배권렬운플삭축딩림" +
            "쓸역집근올릴닙규것병젝범허토룹관째청쪽통압따볼슬약잭턴언외석순헤런별길남암루꾸받완뒤됩불및존맞쿼케말컨듈폴롤심후까막노글" +
            "립격돌셸네빠피향될컬점웨릭칙졌젯많캐독직꿀냅히잠투며움금닌붙셋듭양충뷰족빈앞밀콜벗누뉴께닫큰콘창님란켓효묶취린강감달핑특" +
            "날뜀워등퀀차났롯윈락왼울슈편긴침교년응살갈략섬채손씁엔덮픽깁먼객갑덤짜탭떤셀싱꼴급벨탈낼귀술랑캘혹깃련논푸견짐질납월릿량" +
            "꿈롬첫머탄춤획탐옴갯틀쿠꿉넘벤쇄큼컴넣룰송북섹책옛릅폭므델괄론겟뀌높잡액줌롭틴온멈맵랍람답튜빌애핀큽민줍옮물칠난멀럭맨썬"),
    ];
}
