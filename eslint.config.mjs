import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * The import fences: the folders of src/ that a folder may import `from`, those it may import `types` from, and single
 * `files` of others. `top` lists the top-level files it may import. If `top` is given, types may come from all of them.
 * `vscode` allows importing `vscode`.
 */
const fences = {
  base: { from: [] },
  charging: { from: ["base"] },
  volvo: { from: ["charging", "base"] },
  auth: { from: ["charging", "base"], types: ["volvo"], files: ["volvo/transport"] },
  sync: { from: ["volvo", "charging", "base"] },
  present: {
    from: ["charging", "base"],
    types: ["sync", "auth"],
    files: [
      "auth/sessionState",
      "auth/credentials",
      "auth/loginHealth",
      "auth/scopes",
      "sync/account",
      "sync/mode",
      "sync/quota",
    ],
    top: ["contributions", "settings"],
  },
  views: { from: ["present", "sync", "auth", "charging", "base"], top: ["contributions"], vscode: true },
  commands: {
    from: ["present", "sync", "auth", "charging", "base", "host"],
    top: ["contributions", "connectionTest"],
    vscode: true,
  },
  host: {
    from: ["base", "present"],
    types: ["auth", "volvo", "sync", "charging"],
    top: ["contributions", "settings", "vehicleEntries"],
    vscode: true,
  },
  simulator: { from: ["base"] },
};

const folders = Object.keys(fences);
const topFiles = [
  ...["contributions", "settings", "vehicleEntries", "core", "demo", "demoCore", "stage", "extension", "openWindow"],
  ...["connectionTest", "lastKnown", "online", "signIn", "volvoId", "volvoIdConnection"],
];

const noEditor = { regex: "^vscode$", message: "The core does not import vscode." };

/** The import rules of one folder. Type imports pass if the table allows them. */
function fence(folder) {
  const { from, types = [], files = [], top = [], vscode = false } = fences[folder];
  const closed = folders.filter((other) => other !== folder && !from.includes(other));
  const patterns = closed.map((other) => {
    const exceptions = files.filter((file) => file.startsWith(`${other}/`)).map((file) => file.slice(other.length + 1));
    const except = exceptions.length > 0 ? `(?!(?:${exceptions.join("|")})$)` : "";
    return {
      regex: `^(?:\\.\\./)+${other}/${except}`,
      allowTypeImports: types.includes(other),
      message: `src/${folder} does not import from src/${other}.`,
    };
  });
  patterns.push({
    regex: `^(?:\\.\\./)+(?:${topFiles.filter((file) => !top.includes(file)).join("|")})$`,
    allowTypeImports: top.length > 0,
    message: `src/${folder} does not import the top-level files.`,
  });
  if (!vscode) patterns.push(noEditor);
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

const noTime = ["setTimeout", "setInterval", "setImmediate", "fetch", "process"];

export default tseslint.config(
  { ignores: ["out/", "out-*/", "dist/", "node_modules/", ".headless/", "test-results/", "coverage/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
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
    files: ["src/*.ts"],
    ignores: ["src/{extension,openWindow}.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [noEditor] }] },
  },
  {
    files: ["src/lastKnown.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [noEditor, { regex: "^\\./(?!base/|sync/)", message: "The first code loaded must stay small." }] },
      ],
    },
  },
  {
    files: ["src/{charging,present,volvo,auth,sync}/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", ...noTime],
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
