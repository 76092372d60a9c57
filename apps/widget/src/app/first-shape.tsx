/** The first screen in outline, the same as stands in `index.html` before this script has run. */

export function FirstShape() {
  return (
    <div class="first-shape" aria-busy="true">
      <div class="skeleton skeleton-logos" />
      <div class="skeleton skeleton-title" />
      <div class="skeleton skeleton-line" />
      <div class="skeleton skeleton-reason" />
      <div class="skeleton skeleton-reason" />
      <div class="first-shape-foot">
        <div class="skeleton skeleton-button" />
        <div class="skeleton skeleton-button" />
      </div>
    </div>
  );
}
