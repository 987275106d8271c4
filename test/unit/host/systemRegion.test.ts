import assert from "node:assert/strict";
import { systemRegion } from "../../../src/host/systemRegion";

describe("the region of the system", () => {
  const linux = (env: Readonly<Record<string, string>>) => systemRegion("linux", env);

  it("is that of LC_ALL, LC_TIME or LANG on Linux, in this order", () => {
    assert.equal(linux({ LANG: "sv_SE.UTF-8" }), "SE");
    assert.equal(linux({ LC_TIME: "de_DE.UTF-8", LANG: "sv_SE.UTF-8" }), "DE");
    assert.equal(linux({ LC_ALL: "fr_CA", LC_TIME: "de_DE.UTF-8", LANG: "sv_SE.UTF-8" }), "CA");
    assert.equal(linux({ LANG: "sr_RS@latin" }), "RS");
    assert.equal(linux({ LANG: "es_419.UTF-8" }), "419");
  });

  it("skips variables that name no region", () => {
    for (const nothing of ["", "C", "POSIX", "C.UTF-8", "C.utf8"]) {
      assert.equal(linux({ LC_ALL: nothing, LC_TIME: nothing, LANG: "sv_SE.UTF-8" }), "SE", nothing);
      assert.equal(linux({ LANG: nothing }), undefined, nothing);
    }
    assert.equal(linux({}), undefined);
    assert.equal(linux({ LANG: "sv.UTF-8" }), undefined);
    assert.equal(linux({ LANG: "english" }), undefined);
  });

  it("is that of the system's language on other platforms, if that contains one", () => {
    for (const platform of ["darwin", "win32"]) {
      const told = (config: string | undefined) => systemRegion(platform, { VSCODE_NLS_CONFIG: config, LANG: "sv_SE" });
      const language = (osLocale: unknown) => told(JSON.stringify({ locale: "en", osLocale }));
      assert.equal(language("en-gb"), "GB");
      assert.equal(language("zh-hans-cn"), "CN");
      for (const none of ["en", "und", "", undefined, 5]) assert.equal(language(none), undefined);
      for (const broken of [undefined, "", "{", "null", "5"]) assert.equal(told(broken), undefined);
    }
  });
});
