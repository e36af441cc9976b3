import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "**/*.cjs", "**/*.js", "**/*.mjs", "examples/*/node_modules/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Two screens. Longer files are split by what they are about; data may be longer.
      "max-lines": ["error", 250],
      eqeqeq: "error",
      "no-console": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      // The gRPC and Kubernetes types are wide; what comes from them is checked by zod or by hand where it is used.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    // What each run of the program loads.
    files: ["index.ts", "components/**/*.ts", "demo/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: ["", "/helm", "/helm/v3", "/apiextensions", "/yaml"].map((group) => ({
            name: `@pulumi/kubernetes${group}`,
            allowTypeImports: true,
            message: "It loads far more than a run needs. Import the file of the resource, such as @pulumi/kubernetes/helm/v3/release.",
          })),
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "**/*.test.ts"],
    rules: {
      // chai's assertions are expressions.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
);
