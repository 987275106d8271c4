import path from "node:path";
import ts from "typescript";
import { projectRoot } from "../headless/paths";

/** Checks changed copies of single files with the compiler and the settings of this repository. */
export class Compiler {
  private changed: { readonly file: string; readonly text: string } | undefined;
  private version = 0;
  private readonly service: ts.LanguageService;

  constructor() {
    const { config } = ts.readConfigFile(path.join(projectRoot, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
      readonly config: object;
    };
    const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ["src"] }, ts.sys, projectRoot);
    const isChanged = (file: string) => path.resolve(file) === this.changed?.file;
    this.service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => fileNames,
      getScriptVersion: (file) => (isChanged(file) ? String(this.version) : "0"),
      getScriptSnapshot: (file) => {
        const text = isChanged(file) ? this.changed?.text : ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => projectRoot,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (file) => ts.sys.fileExists(file),
      readFile: (file) => ts.sys.readFile(file),
    });
  }

  /** True if the compiler refuses `file` (relative to the repository) with this text. */
  refuses(file: string, text: string): boolean {
    this.changed = { file: path.join(projectRoot, file), text };
    this.version++;
    return (
      this.service.getSyntacticDiagnostics(this.changed.file).length > 0 ||
      this.service.getSemanticDiagnostics(this.changed.file).length > 0
    );
  }
}
