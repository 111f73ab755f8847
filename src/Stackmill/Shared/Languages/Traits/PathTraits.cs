namespace Stackmill.Shared.Languages.Traits;

/// <summary>What a path alone tells of a file: copies of somebody else's code, tests, documentation, files that tools write.</summary>
internal static class PathTraits
{
    /// <summary>Paths of copies of other projects' code. After linguist's vendor.yml (7.22.1), written anew as patterns.</summary>
    public static readonly PathRules Vendored = new(
        """
        cache/ /{D,d}ependencies/ dist/ /deps/ node_modules/ .yarn/{releases,plugins,sdks,versions,unplugged}/ bower_components/ Godeps/_workspace/ testdata/
        *{3rd,third,Third}{-,_,}{party,Party}/ vendor/ vendors/ Vendor/ {extern,external,externals,Extern,External,Externals}/ /debian/
        bootstrap-datepicker/ ace-builds/ MathJax/ admin_media/ env/ Carthage/ Sparkle/ .vscode/ .google_apis/ puphpet/ vignettes/ inst/extdata/ .github/
        {Crashlytics,Fabric,BuddyBuildSDK,Realm,RealmSwift}.framework/ *.xctemplate/ *.imageset/ gradle/wrapper/ .mvn/wrapper/ flow-typed/*.js
        {test,tests,Test,Tests,spec,specs,Spec,Specs}/fixtures/ {doc,docs}/{build,theme,themes,template,templates,static,_build,_theme,_themes,_template,_templates,_static}/
        {Packages,packages}/*.#/ tiny_mce/{langs,plugins,themes,utils}/ {Code,code}{Mirror,mirror}/{lib,mode,theme,addon,keymap,demo}/
        extjs/{.sencha,docs,builds,cmd,examples,locale,packages,plugins,resources,src,welcome}/ extjs/*.{js,xml,txt,html,properties}
        {font-awesome,fontawesome}/*.{css,less,scss,styl} {Bourbon,bourbon}/*.{css,less,scss,styl} select2/*.{css,scss,js}
        configure config.guess config.sub aclocal.m4 libtool.m4 ltoptions.m4 ltsugar.m4 ltversion.m4 lt~obsolete.m4 dotnet-install.ps1 dotnet-install.sh cpplint.py
        _esy /rebar erlang.mk .indent.pro run.n fabfile.py waf .osx .gitattributes .gitignore .gitmodules gradlew gradlew.bat mvnw mvnw.cmd Vagrantfile .DS_Store
        activator activator.bat proguard.pro proguard-rules.pro Jenkinsfile .gitpod.Dockerfile octicons.css sprockets-octicons.scss *.sublime-project *.sublime-workspace
        *{.,-}min.{js,css} *import.{css,less,scss,styl} bootstrap*.{js,css,less,scss,styl} custom.bootstrap*.{js,css}
        {fontawesome,font-awesome,foundation,normalize,skeleton,animate,materialize}.{css,less,scss,styl} materialize.js bulma.{css,sass,scss} fontello*.css
        jquery~.js jquery-#.js jquery-ui~.{js,css} jquery-ui-#.{js,css} jquery-ui-#.~.{js,css} jquery-ui.~.{js,css} jquery.{ui,effects}.~.{js,css} jquery.fn.gantt.js
        jquery.fancybox.{js,css} fuelux.js jquery.fileupload{,-~}.js jquery.dataTables.js bootbox.js pdf.worker.js slick.~.js Leaflet.Coordinates-#.src.js leaflet.draw-src.js
        leaflet.draw.css Control.FullScreen.{css,js} leaflet.spin.js wicket-leaflet.js prototype*.js effects.js controls.js dragdrop.js *.d.ts mootools~#~.js dojo.js MochiKit.js
        {yahoo-,yui}~.js ckeditor.js tiny_mce~.js Chart.js shBrush~.js shCore.js shLegacy.js angular~.js d3~.js d3.v#.js d3.v#.min.js react{,-~}.js modernizr-#.js modernizr.custom.#.js
        knockout-#.js knockout-#.debug.js *-vsdoc.js *.intellisense.js jquery~.validate.js jquery~.validate.unobtrusive.js jquery~.unobtrusive-ajax.js
        {M,m}icrosoft{Ajax,MvcAjax,MvcValidation}{,.debug}.js html5shiv.js cordova~.js cordova-#.js foundation.js foundation.*.js
        """);

    /// <summary>Paths of documentation. After linguist's documentation.yml (7.22.1), written anew as patterns.</summary>
    public static readonly PathRules Documentation = new(
        """
        /{Doc,Docs,doc,docs}/ {Documentation,documentation}/ {Groovydoc,groovydoc}/ {Javadoc,javadoc}/ /{Man,man}/ /{Examples,examples}/ /{Demo,Demos,demo,demos}/ inst/doc/
        /{Sample,Samples,sample,samples}/ CITATION CITATION.cff CITATIONS CITATION.bib CITATION.md CITATIONS.bib CITATIONS.md
        {CHANGES,CHANGELOG,CHANGE,CONTRIBUTING,COPYING,INSTALL,LICENSE,LICENCE,License,Licence,license,licence,README,Readme,readme}{,.*}
        """);

    /// <summary>Paths of tests, by the habits of test tools and of languages.</summary>
    public static readonly PathRules Tests = new(
        """
        {test,tests,Test,Tests,__tests__,__mocks__,testsuite,unittest,unittests,unit_tests,integration_tests,testing,e2e,testcases}/ {androidTest,jvmTest,commonTest}/
        *.{Test,Tests,UnitTests,IntegrationTests}/ {spec,specs}/*.{rb,js,ts,jsx,tsx,coffee,php,lua,cr,ex,exs} t/*.t test_*.{py,c,cc,cpp,rb,lua,jl,sh,pl,ml,nim,el} *_test.{py,go,rb,c,cc,cpp,cxx,rs,dart,exs,ex,ml,lua,sh,erl,clj,cljs,jl,nim,ts,js,zig}
        *_tests.{py,c,cc,cpp,rs,lua,erl,jl} *_unittest.{py,c,cc,cpp} *_spec.{rb,lua,cr,ts,js} *.{test,spec,cy}.{js,jsx,ts,tsx,mjs,cjs,mts,cts,vue,coffee} *-{test,spec}.{js,ts,lua,el}
        *{Test,Tests,TestCase,Spec,Specs}.{java,kt,scala,groovy,cs,fs,vb,php,swift,m,mm,hs} Test*.java *IT.java test-*.{R,r,el,js} test.{py,js,ts,rb,lua,R,sh} tests.{py,rs} conftest.py
        *_SUITE.erl *.bats *.feature
        """);

    /// <summary>Paths of files that tools write. After linguist's generated.rb (7.22.1), with the files of more tools.</summary>
    public static readonly PathRules Generated = new(
        """
        .idea/ {Pods,node_modules,__generated__,Godeps}/ Carthage/Build/ vendor/{*.com,*.edu,*.gov,*.in,*.me,*.net,*.org,*.fm,*.io}/ *.{nib,xcworkspacedata,xcuserstate}
        *.{Designer,designer}.{cs,vb} *.feature.cs *.{g,g.i}.cs *.generated.{cs,ts,js,go,rs,py} composer.lock Cargo.lock Gopkg.lock glide.lock poetry.lock Pipfile.lock
        yarn.lock pnpm-lock.yaml bun.lock deno.lock uv.lock pdm.lock flake.lock mix.lock pubspec.lock Podfile.lock Gemfile.lock packages.lock.json esy.lock *.esy.lock
        npm-shrinkwrap.json package-lock.json go.sum .terraform.lock.hcl .pnp.* *.zep.{c,h,php} *.{js,css,mjs,cjs}.map *_{tlb,TLB}.pas *_pb2.{py,pyi} *_pb2_grpc.py *.pb.{go,h,cc,swift,dart}
        *.pbobjc.{h,m} *_grpc.pb.go *.pb.gw.go *.grpc.pb.{h,cc} *.{g,freezed,gr,config}.dart {moc,qrc}_*.cpp moc_*.cc ui_*.h {parser,lexer}.{out,output} *.tab.{c,h,cc,hh,cpp,hpp} y.tab.{c,h} lex.yy.{c,cc}
        """);
}
