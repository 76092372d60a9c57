/** What the app says of itself, whichever way the widget opens: its name, its logo, its colours. */

/** An `https:` address, or a picture in the address itself. */
const LOGO = `data:image/png;base64,${[
  "iVBORw0KGgoAAAANSUhEUgAAAGAAAABgCAYAAADimHc4AAAI90lEQVR4nOyde1BU1x3Hv+fuA2xUFEi6LBCStAnGGrUhaWOm",
  "06AJkKosNq31n8Y+JpNp03aGxDQ+EojvRwu1po+0zrTp9I92DB0bFtQijKUztSYxaqzRiOYBARZiAAVkBHa5J+csj7DA7p7d",
  "vXvv6p7PwN4L93Bn+X3vOed7fufuPWZozNIlriyzQgtBkE0ITaOU2NjWNrzFTbgOoBR97D23s/fczrZtfAuKBo9Kqg4esTdB",
  "QwgiJCeHWtJT2haxt72cUCxjZ5yLGxmKc+y1aoiS6mmz045VVJAhREAEAlDFkd/6OKFkEztLFuKTRlY7Spy1aX9joVQRBmEI",
  "QIkjz1VIQLeBkHmQ8DbrDGu21jvrMg4gREISIDeXJiZZXX9hu6sgmYp93YP279fXk37RPxAWYPkjrlsVRXUSkAWQ+IWCnlZV",
  "xVFdZ/9IpLwiUsjxSMsyE6EnZfCDw2PEY+UoaFssUj6IAJQU5bWyTpZUsTOnQCIGixWhaq0jr2VNsKIBBXDku15kJytl/j1i",
  "uxqHmAghZcwpbgxUyG9gi/Lbvg2oFZBEjKrSVVV1Ga9OdWxKAZYXtCwwqTjGmp5pkEQOpddYoB98rTbj7YmHJglQmOtKVaz0",
  "JNvNhERLmtVBcm9Vvb1j/C8n9QEs+L+FDH40yByJrQ8+NaCwoO1LClXfgSRqeGC658Bh21iMfWqAoqrlkEQVMx0qG//zmACO",
  "h12PsvpQAEl0YTH2xnqEEQGoQhT1l5DoAov1L8b2+UthvmuOAvouJLqhgtxdddh+3lsD2MsKSHRlNObDTRBVpQB6MxJzsjT3",
  "ks1scbtkvkdf2AQONSvWdMVsGVwhg68/POZudaDAzCK/EBJDYO3/AwolxAaJIfDYK4RSKYBB8Nib2UYKMAX2DDPuvS/Bu//e",
  "BTfOnxuE1rAaMMtMCbXJPvgzEhMJniqeha8v9p0Keef0IHZs7kTfVQqt4DVAYcFPgMSL1QpsK0uZFHzOvAVWFP98NjSFkCSh",
  "uyLiAWYLsbYkGV+40+q3zP0PJCIj0wwtkQKM8MSPk5DzlcSg5ebeY4WWaCvndUrRt6ZjWZHYjdtUuy7AS9wLsOhrifjBkzOF",
  "y3/wnhtaEtcC3DXHgmfWiXesx/7bj/cvSgE0wWY3oXRrCiwWMQt+6WMPfr/nCrQmLgWYMVPB5p0pmD5DzINc7VVRuq4TvT1h",
  "fQQgIHEnAPf6G7cn45bPi/3rbjfF5hc60e6K6IMwfokrAUS8/ngoszxl2y/jwnlt2/3xxKQAt99hwYKcBHjY1cdzMDwXowWi",
  "Xn+UV/b24I3/CX/WIixiSoDpMwieXpuMnPt9syPHX+/HS2VX0NsbfhvseOwmYa/POVTVB+f+PkSbmBkJ8yTYjvLUScHn8BTA",
  "zt2p3s4zHL76YGhe/8Sb/dj7u27oQcwIsLZkNjKzLH6Pp7MczM5fhS4C9/rPbpjN2n8xu/n+xUHs2tKl+YjXHzEhwPeemIkv",
  "3xe8bQ5VhHC8/sYNXRjUPvXvF8MFeGjJNHxz5XTh8qIixJLXD4ShAnzxLgt+tmYWQiWYCLHm9QNhmAApqQpKtiTDbA5vNs6f",
  "CLHo9QNhiADc8ZRuTUXSLBMigYuwvdxXhCd/EntePxCGCMCv0KzbtRmCZN76WU3gef1vFIp7/ZqD+nj9QOg+EFv9Q+54tJ2G",
  "5jXh1y/f4m3WROFX/ct79PH6gdBVgNyHp+GxVeKOJxRCCf6FBjfKd3QhFtCtCeKOp/g58cmPU28NYPV32tHa7IGWXPp4CFuY",
  "49HT6wdCFwFSbx4eEInS3OTBzs1d6OlWsWFNB1o0EqHX6/U7dPf6gYi6ANzxvLgtGTMF74DpvjLERqMdGBgYzgV0MxHWP9MR",
  "cU3gXn+LQV4/EFEXIFiOZzweDwtSSRc6O3yvUH7FrotABKO9fiCiKoBojmeU35Rf8Zv7j0SEV/b2Gur1AxE1AULN8ex/9Sr+",
  "c+RawDLhiDDs9a8iVomKAKHmeE691Y+//qlHqGwoIvC8/h9eMt7rB0JzAULN8TQ3uVn+/TJCQUQEvfP64aK5AE8/lyyc4+E2",
  "c9PzXejvDz1KXIT1zKLy8cJETh4f0D2vHy6ajoTnzbd6b+MWZWtpJzo+Cd8WDgvYifkLE3DbHWao7FSNjW7vvfzXC5oKkJ4h",
  "frrdu7Szhf9/e8D7fT2iqQDWBLF2f/++4I4nXtBUgHfPBq/6XsfzZzHHEw9o2gnzQdTZM/5FaPqQ53hCczw3Opq7IN6xnjg+",
  "uT0+/kY/Njz7yViORzIMKcpvjUpE7sy2IPtuq3c8cOpEv/fql0wmahMyF9mkB/+WBEZ+SM9gpAAGIwUwGIVlq2I7XXgjw2LP",
  "H1fTDokh8NjzGiAFMAoWezORNcAweOwVKmuAYfDYK0yG1yExBhZ7xW1KPMgfoQiJrnhj3mc9oBw6lNJDQN+ERFd4zJ1Hb+4d",
  "HogR5TVI9GUk5l4BVEAKoDOjMR+bQyzKa22M40U5dYV1uA3Ow+lz+P5YLoiq5EeQ6MMQKR7d9ZlFd+S11LPBwUOQRA+Kmsra",
  "9IkraIxCnockqqiK4rO8oY8Aztr0o6x9qoQkWuyrqkk7O/4Xk+YD3IP0p2zTDInG0JYhT8KkxT0nCXCoPqNliNBCvvweJNrA",
  "Y6mal1YfSW2deGjKGbHqmozTIKbVkGgCpcp3K+tsZ6Y65ndKsvJw2j9Yj70LkohgfeomZ519v7/jAeeEmV1aB5W+IJN1ocNj",
  "xr5K2IBrY6ByQnfTOvJaHazk31nhz0ESFHa19rCXx5mrdAYrK/yokhV5LQvZHOY/2e5tkASikbrxqPPf6Q0ihYVvS+GLEdM+",
  "63ym725Wt+R9hhPgMWEzXHt4jESDzwnrYT2Oxa3ZMNM/yrTFMKzJ+RfcKA4l8KNEtHYJyx2tZCLwJXDjcgFodsV/QKjyVGWd",
  "vQZhEvHiMStXUtO1y22LTIQuZz8WsjPOxY0MxTlKcICFrjohKe1oRQWJ6NkHmq/es3SJK8usUC5ENiHURilJG9naCIH405QM",
  "hLXnfew9t7P33D6ybWOBb/CopOrgEXsTNORTAAAA//8t/ON8AAAABklEQVQDAKUra684rydNAAAAAElFTkSuQmCC",
].join("")}`;

export const APP = {
  appName: "Demo app",
  appLogo: LOGO,
  cssVars: { "--kc-primary": "#4f46e5", "--kc-primary-hover": "#4338ca", "--kc-primary-text": "#ffffff" },
};
