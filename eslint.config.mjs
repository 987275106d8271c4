import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * The import fences of src/. A folder may import from the folders in `from`, and types only from the folders in
 * `types`. All folders may import contributions.ts. Folders with `vscode: true` may import the editor's API.
 */
const pure = ["charging", "base"];
const fences = {
  base: { from: [] },
  charging: { from: ["base"] },
  history: { from: pure },
  settings: { from: pure, types: ["auth"] },
  volvo: { from: pure },
  auth: { from: ["volvo", ...pure] },
  windows: { from: pure },
  polling: { from: ["windows", "volvo", ...pure] },
  notify: { from: ["auth", ...pure] },
  core: { from: ["history", "polling", "notify", "windows", "volvo", "auth", "settings", ...pure] },
  historyPage: { from: [] },
  present: { from: ["history", "historyPage", "settings", "auth", ...pure], types: ["polling"] },
  status: { from: ["present", "settings", ...pure], types: ["history", "polling"] },
  connectionTest: { from: ["present", "polling", "volvo", "auth", "settings", ...pure], types: ["core"] },
  simulator: { from: ["base"] },
  demo: { from: ["history", "core", "settings", "auth", ...pure], types: ["simulator", "volvo"] },
  host: {
    from: ["status", "history", "present", "settings", ...pure],
    types: ["core", "auth", "notify", "windows", "volvo"],
    vscode: true,
  },
  views: { from: ["status", "present", "settings", ...pure], types: ["core"], vscode: true },
  commands: {
    from: [
      ...["host", "connectionTest", "status", "present", "historyPage", "history", "polling", "notify", "auth"],
      ...["settings", ...pure],
    ],
    types: ["demo", "core", "volvo"],
    vscode: true,
  },
};

const folders = Object.keys(fences);

const noEditor = { regex: "^vscode$", message: "The core does not import vscode." };

/** The rules for the imports of one folder. */
function fence(folder) {
  const { from, types = [], vscode = false } = fences[folder];
  const closed = folders.filter((other) => other !== folder && !from.includes(other));
  const patterns = closed.map((other) => ({
    regex: `^(?:\\.\\./)+${other}/`,
    allowTypeImports: types.includes(other),
    message: `src/${folder} does not import from src/${other}.`,
  }));
  patterns.push({
    regex: "^(?:\\.\\./)+(?:extension|product|commands|demo)$",
    message: `src/${folder} does not import the entry points.`,
  });
  if (!vscode) patterns.push(noEditor);
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

const clockAndNetwork = ["setTimeout", "setInterval", "setImmediate", "fetch", "process"];

export default tseslint.config(
  {
    ignores: [
      "test/oldVersions/",
      "out/",
      "out-*/",
      "dist/",
      "node_modules/",
      ".headless/",
      "test-results/",
      "coverage/",
    ],
  },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./src/historyPage/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_+$" }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowInGenericTypeArguments: true }],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
      eqeqeq: "error",
    },
  },
  { files: ["src/**/*.ts"], rules: { "no-console": "error" } },
  ...folders.map(fence),
  {
    files: [
      "src/{charging,history,settings,volvo,auth,windows,polling,notify,core,present,status,connectionTest,demo}/**/*.ts",
    ],
    rules: {
      "no-restricted-globals": ["error", ...clockAndNetwork],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Ask the Clock." },
        { object: "Math", property: "random", message: "Inject a random source." },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/views/contextKeys.ts", "src/commands/register.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='executeCommand'] > Literal[value='setContext']",
          message: "Only views/contextKeys.ts sets context keys.",
        },
        {
          selector: "MemberExpression[property.name='getSession']",
          message: "Ask the Session for our own sign-in: VS Code would show a consent dialog, and gives no token.",
        },
        {
          selector: "CallExpression[callee.property.name='registerCommand']",
          message: "Only commands/register.ts registers commands.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "error", "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["*.js", "**/*.cjs", "scripts/**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        process: "readonly",
        console: "readonly",
        module: "readonly",
        __dirname: "readonly",
      },
    },
  },
  { files: ["*.mjs"], languageOptions: { globals: { process: "readonly" } } },
);
